def test_x(client):
    for a in ('/pathways/','/pathways/?from=y9','/pathways/he-taster','/pathways/compare','/pathways/compare?one=p16-a-level&other=app-l2-l3'):
        r=client.get(a)
        print(a,r.status_code,len(r.data),r.headers.get('Cache-Control'),r.headers.get('ETag'))
        assert r.status_code==200
